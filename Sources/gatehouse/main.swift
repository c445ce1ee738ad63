import Command
print("gatehouse")
