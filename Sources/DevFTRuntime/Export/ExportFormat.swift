public import DevFTFormats

/// What an export is written as.
public enum ExportFormat: String, CaseIterable, Sendable {
  /// A PEFT adapter.
  case peft
  /// A Hugging Face directory, the adapter merged.
  case huggingFace = "hf"
  /// A GGUF file, the adapter merged.
  case gguf
  /// An adapter as a GGUF file.
  case ggufLoRA = "gguf-lora"

  /// Number formats it can have, the one without a wish first; none where there is no choice.
  public var types: [StorageType] {
    switch self {
    case .peft: []
    case .huggingFace: [.bf16, .f16, .f32]
    case .gguf: [.f16, .bf16, .f32, .q8_0, .q4_0, .q4_1]
    case .ggufLoRA: [.f32, .f16, .bf16]
    }
  }

  /// Whether it is of an adapter alone.
  var needsAdapter: Bool { self == .peft || self == .ggufLoRA }

  /// Whether it is one file.
  var isFile: Bool { self == .gguf || self == .ggufLoRA }
}
