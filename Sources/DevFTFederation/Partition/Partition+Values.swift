extension Partition {
  /// The value that most examples of each client have; of equally common ones the first in order.
  ///
  /// - Parameter values: Value of a field in each example, by example.
  /// - Returns: One value a client; an empty text where no example has one.
  public func commonestValues(_ values: [String?]) -> [String] {
    clients.map { client in
      var counts: [String: Int] = [:]
      for example in client.examples {
        if let value = values[example] { counts[value, default: 0] += 1 }
      }
      let most = counts.min { ($1.value, $0.key) < ($0.value, $1.key) }
      return most?.key ?? ""
    }
  }
}
