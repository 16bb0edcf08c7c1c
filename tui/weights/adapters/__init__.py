"""A LoRA adapter read as PEFT saved it, and written as the GGUF file that llama.cpp applies."""
