extension Flwr_Proto_MetricRecord {
  /// A record of measurements, in the order of their names.
  init(_ values: [String: Double]) {
    self.init()
    items = values.sorted { $0.key < $1.key }.map { name, value in
      var item = Flwr_Proto_MetricRecord.Item()
      item.key = name
      item.value.double = value
      return item
    }
  }

  /// The measurements by name; lists are left out.
  var values: [String: Double] {
    var values: [String: Double] = [:]
    for item in items {
      switch item.value.value {
      case .double(let number): values[item.key] = number
      case .sint64(let integer): values[item.key] = Double(integer)
      case .uint64(let integer): values[item.key] = Double(integer)
      default: break
      }
    }
    return values
  }
}
