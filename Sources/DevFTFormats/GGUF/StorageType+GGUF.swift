extension StorageType {
  private static let ggufCodes = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.ggufCode, $0) }
  )

  /// Names of the other types, for messages.
  private static let unreadNames: [UInt32: String] = [
    9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 13: "Q5_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS",
    18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8",
    25: "I16", 26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
  ]

  /// The type of a number in a GGUF file, or `nil` when it is not read.
  init?(ggufCode: UInt32) {
    guard let type = StorageType.ggufCodes[ggufCode] else { return nil }
    self = type
  }

  /// The type's number in a GGUF file.
  var ggufCode: UInt32 {
    switch self {
    case .f32: 0
    case .f16: 1
    case .q4_0: 2
    case .q4_1: 3
    case .q5_0: 6
    case .q5_1: 7
    case .q8_0: 8
    case .q4_K: 12
    case .q6_K: 14
    case .bf16: 30
    }
  }

  /// What a type is called.
  ///
  /// - Parameter code: Its number in a GGUF file.
  /// - Returns: Its name, or its number where it has none.
  static func ggufName(ofCode code: UInt32) -> String {
    ggufCodes[code]?.rawValue ?? unreadNames[code] ?? "number \(code)"
  }
}
