import lib.util


def handle(event):
	return "${HOME}   é 🎉"
