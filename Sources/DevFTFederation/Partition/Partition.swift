/// Which examples each client holds; it is saved with the run.
///
/// Invariants, checked by ``check(exampleCount:)``: at least one client; none without an example; no
/// example twice. Clients are numbered by their place in ``clients``.
public struct Partition: Codable, Hashable, Sendable {
  /// The share of one client.
  public struct Client: Codable, Hashable, Sendable {
    /// Value of the field it stands for, or `client-` and its number.
    public var name: String
    /// Indices of its examples, ascending.
    public var examples: [Int]

    /// Describes a share.
    ///
    /// - Parameters:
    ///   - name: A name to show.
    ///   - examples: Indices of its examples, ascending.
    public init(name: String, examples: [Int]) {
      self.name = name
      self.examples = examples
    }
  }

  /// The shares; the client's number is its index.
  public let clients: [Client]

  /// Wraps shares that exist already.
  ///
  /// - Parameter clients: The shares in the order of the clients' numbers.
  public init(clients: [Client]) { self.clients = clients }

  /// Number of examples of all clients together.
  public var exampleCount: Int { clients.reduce(0) { $0 + $1.examples.count } }

  /// One client that holds what all hold.
  public var pooled: Partition {
    let examples = clients.flatMap(\.examples).sorted()
    return Partition(clients: [Client(name: "all", examples: examples)])
  }

  /// Holds a partition, perhaps read from a file, against the laws.
  ///
  /// - Parameter exampleCount: Number of examples there are.
  /// - Throws: `FederationError` with code `emptyClient` or `invalidPartition`.
  public func check(exampleCount: Int) throws(FederationError) {
    guard !clients.isEmpty else {
      throw FederationError(.invalidPartition, "a partition needs at least one client, it has none")
    }
    var holder: [String?] = Array(repeating: nil, count: exampleCount)
    for client in clients {
      guard !client.examples.isEmpty else {
        throw FederationError(.emptyClient, "client \(client.name) has no example")
      }
      for example in client.examples {
        guard holder.indices.contains(example) else {
          throw FederationError(
            .invalidPartition,
            "client \(client.name) names example \(example), there are \(exampleCount)"
          )
        }
        if let other = holder[example] {
          throw FederationError(
            .invalidPartition,
            "example \(example) belongs to both \(other) and \(client.name)"
          )
        }
        holder[example] = client.name
      }
    }
  }
}
