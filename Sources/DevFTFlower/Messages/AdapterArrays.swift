import DevFTFederation
import DevFTTensor
import Foundation

/// An adapter as arrays of a message.
///
/// A tensor that all layers have in one shape travels as one array with the layers along its first
/// axis, under the tensor's name, such as `self_attn.q_proj.lora_A.weight` `[L, R, in]`: few large
/// objects instead of many small ones. Where layers differ, each travels alone, under its number and the name:
/// `3:self_attn.q_proj.lora_A.weight` `[R, in]`.
enum AdapterArrays {
  /// Packs an adapter.
  ///
  /// - Parameters:
  ///   - layers: One set a layer.
  ///   - format: How numbers travel: f32 or bf16. Formats of differences need what the other side
  ///     holds, which a client that keeps nothing does not.
  /// - Returns: The arrays by name.
  static func pack(_ layers: [NamedTensors], _ format: WireFormat) -> [String: WireArray] {
    var arrays: [String: WireArray] = [:]
    for name in Set(layers.flatMap(\.names)) {
      let tensors = layers.map { $0[name] }
      if let shape = tensors[0]?.shape, tensors.allSatisfy({ $0?.shape == shape }) {
        arrays[name] = array(tensors.compactMap(\.self), [layers.count] + shape, format)
        continue
      }
      for (layer, tensor) in tensors.enumerated() {
        if let tensor { arrays["\(layer):\(name)"] = array([tensor], tensor.shape, format) }
      }
    }
    return arrays
  }

  /// Unpacks an adapter.
  ///
  /// - Parameters:
  ///   - arrays: The arrays by name.
  ///   - layerCount: Number of layers that it has.
  /// - Returns: One set a layer.
  /// - Throws: `FlowerError` with code `malformed` or `unsupported`.
  static func unpack(
    _ arrays: [String: WireArray],
    layerCount: Int
  ) throws(FlowerError) -> [NamedTensors] {
    var layers = Array(repeating: NamedTensors(), count: layerCount)
    for (key, array) in arrays.sorted(by: { $0.key < $1.key }) {
      let parts = key.split(separator: ":", maxSplits: 1)
      if parts.count == 2 {
        guard let layer = Int(parts[0]), layers.indices.contains(layer) else {
          throw FlowerError(.malformed, "array \(key.excerpt): there are \(layerCount) layers")
        }
        layers[layer][String(parts[1])] = Tensor(
          shape: array.shape,
          elements: try array.numbers(name: key)
        )
        continue
      }
      guard array.shape.first == layerCount else {
        throw FlowerError(
          .malformed,
          "array \(key.excerpt): expected \(layerCount) layers along its first axis, got shape "
            + "\(array.shape)"
        )
      }
      let numbers = try array.numbers(name: key)
      let shape = Array(array.shape.dropFirst())
      let count = numbers.count / layerCount
      for layer in layers.indices {
        layers[layer][key] = Tensor(
          shape: shape,
          elements: Array(numbers[layer * count..<(layer + 1) * count])
        )
      }
    }
    return layers
  }

  private static func array(
    _ tensors: [Tensor],
    _ shape: [Int],
    _ format: WireFormat
  ) -> WireArray {
    var data = Data()
    for tensor in tensors {
      // Every platform of Swift is little-endian, like the array.
      guard format == .bf16 else {
        tensor.elements.withUnsafeBytes { data.append(contentsOf: $0) }
        continue
      }
      let halves = tensor.elements.map { UInt16(roundedToBF16($0).bitPattern >> 16) }
      halves.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    let dtype = format == .bf16 ? "bfloat16" : "float32"
    return WireArray(dtype: dtype, shape: shape, stype: WireArray.raw, data: data)
  }
}

extension WireArray {
  /// How bytes are read that are numbers alone, little-endian, the last axis fastest.
  static let raw = "raw.le"
  /// How bytes are read that are the contents of a `.npy` file.
  static let numpy = "numpy.ndarray"

  /// The numbers, as many as the shape says.
  ///
  /// - Parameter name: What messages call the array.
  /// - Returns: The numbers, row-major.
  /// - Throws: `FlowerError` with code `malformed` or `unsupported`.
  func numbers(name: String) throws(FlowerError) -> [Float] {
    let (isHalf, data) = try plain(name)
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow else {
        throw FlowerError(.malformed, "array \(name.excerpt): the shape \(shape) is too large")
      }
      count = product
    }
    guard count <= data.count, data.count == count * (isHalf ? 2 : 4) else {
      throw FlowerError(
        .malformed,
        "array \(name.excerpt): the shape \(shape) does not hold \(data.count) bytes of \(dtype)"
      )
    }
    guard isHalf else { return data.loaded(as: Float.self, count: count) }
    return data.loaded(as: UInt16.self, count: count).map { Float(bitPattern: UInt32($0) << 16) }
  }

  /// The numbers' bytes, and whether they are bf16.
  private func plain(_ name: String) throws(FlowerError) -> (isHalf: Bool, data: Data) {
    if stype == Self.raw, ["float32", "bfloat16"].contains(dtype) {
      return (dtype == "bfloat16", data)
    }
    if stype == Self.numpy {
      let file = try NumPyFile(data, name: name)
      guard file.shape == shape else {
        throw FlowerError(
          .malformed,
          "array \(name.excerpt): its shape is \(shape), that of its file \(file.shape)"
        )
      }
      if file.descr == "<f4" { return (false, file.numbers) }
    }
    throw FlowerError(
      .unsupported,
      "array \(name.excerpt): expected float32 or bfloat16 as \(Self.raw), or float32 as "
        + "\(Self.numpy), got \(dtype.excerpt) as \(stype.excerpt)"
    )
  }
}

extension Data {
  /// The bytes as numbers, however they lie in memory.
  fileprivate func loaded<Number: BitwiseCopyable>(as type: Number.Type, count: Int) -> [Number] {
    [Number](unsafeUninitializedCapacity: count) { buffer, initialised in
      // SAFETY: the caller has checked that there are as many bytes, and any bits are a number.
      _ = copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
      initialised = count
    }
  }
}
