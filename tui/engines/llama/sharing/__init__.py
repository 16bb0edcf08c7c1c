"""Agreement between the program's processes on one machine: who goes first, who may take which memory."""
