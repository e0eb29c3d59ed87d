from plait_handler import Reject


def handle(event, context):
    order = event.get_data()
    if not isinstance(order, dict) or "number" not in order:
        raise Reject("no order number")
    context.logger.info("order %s", order["number"])
    return {"order": order["number"], "state": "taken"}
