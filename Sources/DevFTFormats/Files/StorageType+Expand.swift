import CDevFTKernels
import Foundation

extension StorageType {
  /// Expands runs of stored numbers to float32, one run after the other.
  ///
  /// - Parameters:
  ///   - offsets: Byte offset of each run in `bytes`.
  ///   - count: Numbers in each run, a multiple of the block's length.
  ///   - bytes: What the runs lie in.
  /// - Returns: `offsets.count * count` numbers.
  /// - Precondition: Every run lies inside `bytes`.
  func expand(runsAt offsets: [Int], count: Int, in bytes: Data) -> [Float] {
    let runByteCount = byteCount(of: count)
    // SAFETY: The capacity holds all runs, each of which writes exactly `count` numbers.
    return unsafe [Float](unsafeUninitializedCapacity: offsets.count * count) { target, filled in
      unsafe bytes.withUnsafeBytes { source in
        for offset in offsets {
          precondition(
            offset >= 0 && runByteCount <= source.count - offset,
            "\(runByteCount) bytes at \(offset) leave the \(source.count) bytes of the file"
          )
          guard let from = source.baseAddress, let to = target.baseAddress else { continue }
          unsafe devft_dequantise(kernelType, from + offset, to + filled, count)
          filled += count
        }
      }
    }
  }

  /// The type's name in C.
  var kernelType: devft_storage {
    switch self {
    case .f32: DEVFT_F32
    case .f16: DEVFT_F16
    case .bf16: DEVFT_BF16
    case .q8_0: DEVFT_Q8_0
    case .q4_0: DEVFT_Q4_0
    case .q4_1: DEVFT_Q4_1
    case .q5_0: DEVFT_Q5_0
    case .q5_1: DEVFT_Q5_1
    case .q4_K: DEVFT_Q4_K
    case .q6_K: DEVFT_Q6_K
    }
  }
}
