/// How a file stores the numbers of a tensor.
///
/// Quantised types keep blocks of numbers with common scales; a row is a whole number of blocks.
public enum StorageType: String, CaseIterable, Hashable, Sendable {
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case q8_0 = "Q8_0"
  case q4_0 = "Q4_0"
  case q4_1 = "Q4_1"
  case q5_0 = "Q5_0"
  case q5_1 = "Q5_1"
  case q4_K = "Q4_K"
  case q6_K = "Q6_K"

  /// Numbers in a block.
  public var blockLength: Int {
    switch self {
    case .f32, .f16, .bf16: 1
    case .q8_0, .q4_0, .q4_1, .q5_0, .q5_1: 32
    case .q4_K, .q6_K: 256
    }
  }

  /// Bytes of a block.
  public var blockByteCount: Int {
    switch self {
    case .f32: 4
    case .f16, .bf16: 2
    case .q8_0: 34
    case .q4_0: 18
    case .q4_1: 20
    case .q5_0: 22
    case .q5_1: 24
    case .q4_K: 144
    case .q6_K: 210
    }
  }

  /// Bytes of a number of elements.
  ///
  /// - Parameter count: Elements, a multiple of the block's length.
  /// - Returns: Bytes.
  func byteCount(of count: Int) -> Int { count / blockLength * blockByteCount }
}
