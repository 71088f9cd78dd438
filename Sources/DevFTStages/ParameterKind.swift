/// What a layer's parameter is, told by its name and shape.
package enum ParameterKind: Equatable {
  /// A weight matrix of the base.
  case matrix
  /// A norm gain or a bias of the base.
  case vector
  /// One half of a low-rank pair.
  case adapter

  /// Classifies a parameter.
  package init(name: String, shape: [Int]) {
    if Self.isAdapter(name) { self = .adapter } else { self = shape.count > 1 ? .matrix : .vector }
  }

  /// Whether a name belongs to the adapter: PEFT's `lora_A` and `lora_B`.
  package static func isAdapter(_ name: String) -> Bool { name.contains("lora_") }
}
