GREETING = "from a neighbour"
