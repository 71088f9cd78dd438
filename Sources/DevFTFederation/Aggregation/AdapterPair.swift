import DevFTTensor

/// The two factors of one adapted module in a layer's adapter, found by PEFT's names.
struct AdapterPair: Hashable {
  /// Name of the adapted module, such as `self_attn.q_proj`.
  let module: String

  /// Name of the down projection, `[R, in]`.
  var loraA: String { module + Self.suffixA }
  /// Name of the up projection, `[out, R]`.
  var loraB: String { module + Self.suffixB }

  /// Whether a tensor is a down projection.
  static func isA(_ tensorName: String) -> Bool { tensorName.hasSuffix(suffixA) }
  /// Whether a tensor is an up projection.
  static func isB(_ tensorName: String) -> Bool { tensorName.hasSuffix(suffixB) }

  /// Whether a tensor is neither, such as a classification head's.
  static func isOther(_ tensorName: String) -> Bool { !isA(tensorName) && !isB(tensorName) }

  private static let suffixA = ".lora_A.weight"
  private static let suffixB = ".lora_B.weight"

  /// The modules of which a layer holds both factors, by name.
  ///
  /// - Parameter layer: The adapter of a layer.
  /// - Returns: The pairs, in the order of their names.
  static func pairs(in layer: NamedTensors) -> [AdapterPair] {
    layer.names.filter { $0.hasSuffix(suffixA) }
      .map { AdapterPair(module: String($0.dropLast(suffixA.count))) }
      .filter { layer[$0.loraB] != nil }
  }
}
