import DevFTTensor

/// The step between DoFIT's domains after each round.
struct DomainStep {
  /// A tensor of an adapter.
  private struct Place: Hashable {
    let layer: Int
    let name: String
  }

  private let adapters: [[NamedTensors]]
  /// Tensors that are among the largest of every domain.
  private let shared: [Place]

  /// Ranks the tensors of each domain.
  ///
  /// - Parameters:
  ///   - adapters: One adapter a domain.
  ///   - nameCount: Tensors of the largest norms that a domain may share.
  init(_ adapters: [[NamedTensors]], nameCount: Int) {
    self.adapters = adapters
    let lists = adapters.map { Self.largest(nameCount, of: $0) }
    let others = lists.dropFirst().map(Set.init)
    shared = lists.first?.filter { place in others.allSatisfy { $0.contains(place) } } ?? []
  }

  /// The adapters after the step: `θ + |θ − c| / ‖θ − c‖` for every shared tensor.
  ///
  /// - Parameter domains: Those that move.
  /// - Returns: One adapter a domain.
  func moved(_ domains: Set<Int>) -> [[NamedTensors]] {
    var result = adapters
    for place in shared where adapters.count > 1 {
      let rows = adapters.map { $0[place.layer][place.name]?.elements.map(Double.init) ?? [] }
      let mean = rows[0].indices.map { index in
        rows.reduce(0) { $0 + $1[index] } / Double(rows.count)
      }
      for domain in domains {
        let distances = zip(rows[domain], mean).map { abs($0 - $1) }
        let norm = distances.reduce(0) { $0 + $1 * $1 }.squareRoot()
        // Equal domains have no distance to follow.
        guard norm > 0, let tensor = adapters[domain][place.layer][place.name] else { continue }
        let elements = zip(rows[domain], distances).map { Float($0 + $1 / norm) }
        result[domain][place.layer][place.name] = Tensor(shape: tensor.shape, elements: elements)
      }
    }
    return result
  }

  /// The factors of the largest norms; of equal ones the lower layer's and the first name's.
  private static func largest(_ count: Int, of adapter: [NamedTensors]) -> [Place] {
    let all = adapter.enumerated().flatMap { layer, tensors in
      tensors.names.filter { !AdapterPair.isOther($0) }.map { name in
        (place: Place(layer: layer, name: name), norm: tensors[name]?.squaredNorm ?? 0)
      }
    }
    let order = all.indices.sorted { (-all[$0].norm, $0) < (-all[$1].norm, $1) }
    return order.prefix(count).map { all[$0].place }
  }
}
