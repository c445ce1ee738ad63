import Command

Gatehouse.start()
