

  # odd: [indent]
- not: a list
