/// Tensors by name, always visited in the order of their names.
///
/// One decoder layer is one such set: its base weights (`self_attn.q_proj.weight`) or its adapter
/// (`self_attn.q_proj.lora_A.weight`, `[R, in]`; `self_attn.q_proj.lora_B.weight`, `[out, R]`).
/// What travels between server and clients, what layer fusion combines and what a checkpoint holds
/// is an array of these, one a layer, lowest layer first.
public struct NamedTensors: Equatable, Sendable {
  private var tensors: [String: Tensor]

  /// Collects tensors.
  ///
  /// - Parameter tensors: The tensors by name; empty by default.
  public init(_ tensors: [String: Tensor] = [:]) { self.tensors = tensors }

  /// The names in ascending order of their UTF-8 bytes.
  public var names: [String] { tensors.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

  /// Number of tensors.
  public var count: Int { tensors.count }

  /// Number of numbers in all tensors together.
  public var parameterCount: Int { tensors.values.reduce(0) { $0 + $1.count } }

  /// The tensor of a name, or `nil` when there is none; assigning `nil` removes it.
  public subscript(name: String) -> Tensor? {
    get { tensors[name] }
    _modify { yield &tensors[name] }
  }

  /// Takes a tensor out of the set.
  ///
  /// - Parameter name: Its name.
  /// - Returns: The tensor, now owned by the caller alone, or `nil` when there is none.
  public mutating func remove(_ name: String) -> Tensor? { tensors.removeValue(forKey: name) }

  /// The same names with new tensors.
  ///
  /// - Parameter transform: Called once a tensor, in the order of the names.
  /// - Returns: The transformed set.
  /// - Throws: Whatever `transform` throws.
  public func map(_ transform: (_ name: String, _ tensor: Tensor) throws -> Tensor) rethrows
    -> NamedTensors
  {
    var result: [String: Tensor] = [:]
    for name in names {
      if let tensor = tensors[name] { result[name] = try transform(name, tensor) }
    }
    return NamedTensors(result)
  }
}
