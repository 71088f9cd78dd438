import Crypto
import DevFTTensor
import Foundation

/// SHA-256 of fused layers, so that two machines can tell that they have built the same ones.
///
/// It covers the float32 numbers as they are fused, before they are rounded to what the machine
/// multiplies in.
struct LayerDigest {
  private var hash = SHA256()

  /// Adds numbers.
  mutating func update(_ tensor: Tensor) {
    tensor.elements.withUnsafeBytes { hash.update(bufferPointer: $0) }
  }

  /// The digest, in hexadecimal.
  var text: String { FileDigest.hexadecimal(hash.finalize()) }
}
