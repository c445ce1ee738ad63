import Command

print("gatehouse")
