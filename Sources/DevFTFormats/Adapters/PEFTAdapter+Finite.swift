import DevFTTensor

extension PEFTAdapter {
  /// Checks that every number is one to compute with.
  ///
  /// - Throws: `FormatError` with code `malformed` that names the layer and the tensor.
  public func checkFinite() throws(FormatError) {
    for (index, layer) in layers.enumerated() {
      for name in layer.names where layer[name]?.isFinite == false {
        throw FormatError(.malformed, "layer \(index), \(name): a number is NaN or infinite")
      }
    }
  }
}
