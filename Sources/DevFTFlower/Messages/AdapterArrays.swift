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
  ///   - format: How numbers travel.
  ///   - reference: What the other side holds in their place, where differences travel; nothing by default.
  /// - Returns: The arrays by name.
  static func pack(
    _ layers: [NamedTensors],
    _ format: WireFormat,
    against reference: [NamedTensors] = []
  ) -> [String: WireArray] {
    var arrays: [String: WireArray] = [:]
    for name in Set(layers.flatMap(\.names)) {
      let tensors = layers.map { $0[name] }
      let bytes = layers.indices.map { layer in
        tensors[layer].map { data($0, format, against: reference.tensor(name, ofLayer: layer)) }
      }
      if let shape = tensors[0]?.shape, tensors.allSatisfy({ $0?.shape == shape }) {
        let all = bytes.reduce(Data()) { $0 + ($1 ?? Data()) }
        arrays[name] = array(all, [layers.count] + shape, format)
        continue
      }
      for (layer, tensor) in tensors.enumerated() {
        guard let tensor, let bytes = bytes[layer] else { continue }
        arrays["\(layer):\(name)"] = array(bytes, tensor.shape, format)
      }
    }
    return arrays
  }

  /// Unpacks an adapter.
  ///
  /// - Parameters:
  ///   - arrays: The arrays by name.
  ///   - layerCount: Number of layers that it has.
  ///   - reference: What differences are to be added to, one set a layer; nothing by default.
  /// - Returns: One set a layer.
  /// - Throws: `FlowerError` with code `malformed` or `unsupported`.
  static func unpack(
    _ arrays: [String: WireArray],
    layerCount: Int,
    against reference: [NamedTensors] = []
  ) throws(FlowerError) -> [NamedTensors] {
    var layers = Array(repeating: NamedTensors(), count: layerCount)
    for (key, array) in arrays.sorted(by: { $0.key < $1.key }) {
      let parts = key.split(separator: ":", maxSplits: 1)
      if parts.count == 2 {
        guard let layer = Int(parts[0]), layers.indices.contains(layer) else {
          throw FlowerError(.malformed, "array \(key.excerpt): there are \(layerCount) layers")
        }
        let name = String(parts[1])
        let held = reference.tensor(name, ofLayer: layer)
        layers[layer][name] = try array.tensors(
          1,
          ofShape: array.shape,
          name: key,
          against: [held]
        )[0]
        continue
      }
      guard array.shape.first == layerCount else {
        throw FlowerError(
          .malformed,
          "array \(key.excerpt): expected \(layerCount) layers along its first axis, got shape "
            + "\(array.shape)"
        )
      }
      let tensors = try array.tensors(
        layerCount,
        ofShape: Array(array.shape.dropFirst()),
        name: key,
        against: layers.indices.map { reference.tensor(key, ofLayer: $0) }
      )
      for layer in layers.indices { layers[layer][key] = tensors[layer] }
    }
    return layers
  }

  /// The bytes of a tensor.
  ///
  /// Every platform of Swift is little-endian, like the array.
  private static func data(
    _ tensor: Tensor,
    _ format: WireFormat,
    against reference: Tensor?
  ) -> Data {
    switch format {
    case .f32: return tensor.elements.withUnsafeBytes { Data($0) }
    case .bf16:
      let halves = tensor.elements.map { UInt16(roundedToBF16($0).bitPattern >> 16) }
      return halves.withUnsafeBytes { Data($0) }
    case .int8, .int4: return Data(format.packed(tensor, against: reference))
    }
  }

  private static func array(_ data: Data, _ shape: [Int], _ format: WireFormat) -> WireArray {
    switch format {
    case .f32: WireArray(dtype: "float32", shape: shape, stype: WireArray.raw, data: data)
    case .bf16: WireArray(dtype: "bfloat16", shape: shape, stype: WireArray.raw, data: data)
    case .int8, .int4:
      WireArray(dtype: format.rawValue, shape: shape, stype: WireArray.blocks, data: data)
    }
  }
}

extension [NamedTensors] {
  /// A tensor of a layer, if both are there.
  fileprivate func tensor(_ name: String, ofLayer layer: Int) -> Tensor? {
    indices.contains(layer) ? self[layer][name] : nil
  }
}

extension WireArray {
  /// How bytes are read that are numbers alone, little-endian, the last axis fastest.
  static let raw = "raw.le"
  /// How bytes are read that are differences in blocks of 64, tensor by tensor.
  static let blocks = "devft.blocks64"
  /// How bytes are read that are the contents of a `.npy` file.
  static let numpy = "numpy.ndarray"

  /// The tensors of some layers, which follow one another.
  ///
  /// - Parameters:
  ///   - count: Number of tensors, at least 1.
  ///   - shape: Shape of each.
  ///   - name: What messages call the array.
  ///   - reference: What a difference is added to, one a tensor.
  /// - Returns: The tensors.
  /// - Throws: `FlowerError` with code `malformed` or `unsupported`.
  func tensors(
    _ count: Int,
    ofShape shape: [Int],
    name: String,
    against reference: [Tensor?]
  ) throws(FlowerError) -> [Tensor] {
    let length = try numberCount(name) / count
    guard stype == Self.blocks else {
      let numbers = try numbers(name: name)
      return (0..<count).map { index in
        Tensor(shape: shape, elements: Array(numbers[index * length..<(index + 1) * length]))
      }
    }
    guard let format = WireFormat(rawValue: dtype), format.isDifference else {
      throw unsupported(name)
    }
    let size = format.byteCount(ofNumbers: length)
    guard data.count == count * size else { throw mismatch(name) }
    return (0..<count).map { index in
      let bytes = [UInt8](data.dropFirst(index * size).prefix(size))
      return format.unpacked(bytes, shape: shape, against: reference[index])
    }
  }

  /// The numbers, as many as the shape says.
  func numbers(name: String) throws(FlowerError) -> [Float] {
    let (isHalf, data) = try plain(name)
    let count = try numberCount(name)
    guard data.count == count * (isHalf ? 2 : 4) else { throw mismatch(name) }
    guard isHalf else { return data.loaded(as: Float.self, count: count) }
    return data.loaded(as: UInt16.self, count: count).map { Float(bitPattern: UInt32($0) << 16) }
  }

  /// As many numbers as the shape says; not more than two a byte.
  private func numberCount(_ name: String) throws(FlowerError) -> Int {
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow else {
        throw FlowerError(.malformed, "array \(name.excerpt): the shape \(shape) is too large")
      }
      count = product
    }
    guard count >= 0, count / 2 <= data.count else { throw mismatch(name) }
    return count
  }

  private func mismatch(_ name: String) -> FlowerError {
    FlowerError(
      .malformed,
      "array \(name.excerpt): the shape \(shape) does not hold \(data.count) bytes of \(dtype.excerpt)"
    )
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
    throw unsupported(name)
  }
}

extension WireArray {
  private func unsupported(_ name: String) -> FlowerError {
    FlowerError(
      .unsupported,
      "array \(name.excerpt): expected float32 or bfloat16 as \(Self.raw), float32 as "
        + "\(Self.numpy), or int8 or int4 as \(Self.blocks), got \(dtype.excerpt) as \(stype.excerpt)"
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
