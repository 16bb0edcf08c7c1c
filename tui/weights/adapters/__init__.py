"""From a PEFT LoRA adapter on the Hub to a GGUF adapter that llama.cpp applies to its base."""
