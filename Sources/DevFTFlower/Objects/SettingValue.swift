import Foundation

/// A value of a record of settings.
enum SettingValue: Equatable, Sendable {
  case number(Double)
  case integer(Int64)
  case flag(Bool)
  case text(String)
  case bytes(Data)
  case integers([Int64])
  case texts([String])
}

extension Flwr_Proto_ConfigRecord {
  /// A record of settings, in the order of their names.
  init(_ values: [String: SettingValue]) {
    self.init()
    items = values.sorted { $0.key < $1.key }.map { name, value in
      var item = Flwr_Proto_ConfigRecord.Item()
      (item.key, item.value) = (name, Flwr_Proto_ConfigRecordValue(value))
      return item
    }
  }

  /// The settings by name; what is of no known type is left out.
  var values: [String: SettingValue] {
    var values: [String: SettingValue] = [:]
    for item in items { values[item.key] = SettingValue(item.value) }
    return values
  }
}

extension Flwr_Proto_ConfigRecordValue {
  fileprivate init(_ value: SettingValue) {
    self.init()
    switch value {
    case .number(let number): double = number
    case .integer(let integer): sint64 = integer
    case .flag(let flag): bool = flag
    case .text(let text): string = text
    case .bytes(let bytes): self.bytes = bytes
    case .integers(let integers): sintList.vals = integers
    case .texts(let texts): stringList.vals = texts
    }
  }
}

extension SettingValue {
  fileprivate init?(_ value: Flwr_Proto_ConfigRecordValue) {
    switch value.value {
    case .double(let number): self = .number(number)
    case .sint64(let integer): self = .integer(integer)
    case .uint64(let integer):
      guard let integer = Int64(exactly: integer) else { return nil }
      self = .integer(integer)
    case .bool(let flag): self = .flag(flag)
    case .string(let text): self = .text(text)
    case .bytes(let bytes): self = .bytes(bytes)
    case .sintList(let list): self = .integers(list.vals)
    case .stringList(let list): self = .texts(list.vals)
    default: return nil
    }
  }
}
