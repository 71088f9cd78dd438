import CDevFTKernels
import DevFTTensor

extension StorageType {
  /// The types that are written as well as read.
  public static let written: [StorageType] = [.f32, .f16, .bf16, .q8_0, .q4_0, .q4_1]

  /// Numbers that one task rounds.
  private static let numbersAtATime = 1 << 15

  /// The largest magnitude that the type, or the scale of its blocks, can hold.
  var largestMagnitude: Float {
    let half: Float = 65520  // from here on halves are infinite
    return switch self {
    case .f16, .q4_1: half.nextDown
    case .q8_0: (127 * half).nextDown
    case .q4_0: (8 * half).nextDown
    case .bf16: Float(bitPattern: 0x7f7f_7fff)
    default: .greatestFiniteMagnitude
    }
  }

  /// Whether every number can be stored: finite and not too large.
  func holds(_ numbers: [Float]) -> Bool {
    var largest: UInt32 = 0
    // As integers NaN and infinity come out on top, and the loop vectorises.
    for number in numbers { largest = max(largest, number.bitPattern & 0x7fff_ffff) }
    return largest <= largestMagnitude.bitPattern
  }

  /// Rounds numbers to this type, on several threads.
  ///
  /// The bytes are those of the reference quantiser of GGUF.
  ///
  /// - Parameter numbers: A multiple of the block's length; each one that the type `holds`.
  /// - Returns: The blocks one after the other.
  /// - Precondition: The type is one of `written`.
  func encode(_ numbers: [Float]) -> [UInt8] {
    precondition(Self.written.contains(self), "\(rawValue) is not written")
    precondition(
      numbers.count % blockLength == 0,
      "\(numbers.count) numbers are no multiple of \(blockLength)"
    )
    let byteCount = byteCount(of: numbers.count)
    return unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { target, filled in
      filled = byteCount
      unsafe numbers.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        let blockCount = numbers.count / blockLength
        parallelBlocks(of: blockCount, block: Self.numbersAtATime / blockLength) { blocks in
          // SAFETY: the tasks' blocks follow one another and fill the array; none is visited twice.
          _ = unsafe devft_encode(
            kernelType,
            from + blocks.lowerBound * blockLength,
            to + blocks.lowerBound * blockByteCount,
            blocks.count * blockLength
          )
        }
      }
    }
  }
}
