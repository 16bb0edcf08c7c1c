"""What processes of this program on one machine agree on: who goes first, and who may take which memory."""
