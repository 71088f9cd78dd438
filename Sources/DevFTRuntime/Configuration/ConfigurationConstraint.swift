/// A condition on one value beyond its type.
struct ConfigurationConstraint<Value> {
  /// The condition in words that follow the type's noun: `of at least 1`.
  var phrase: String
  /// Whether a value meets it.
  var holds: (Value) -> Bool

  /// No condition.
  static var any: Self { Self(phrase: "") { _ in true } }
}

extension ConfigurationConstraint where Value: Comparable {
  static func atLeast(_ bound: Value) -> Self {
    Self(phrase: " of at least \(bound)") { $0 >= bound }
  }

  static func above(_ bound: Value) -> Self {
    Self(phrase: " above \(bound)") { $0 > bound }
  }

  static func within(_ range: ClosedRange<Value>) -> Self {
    Self(phrase: " from \(range.lowerBound) to \(range.upperBound)") { range.contains($0) }
  }

  static func within(_ range: Range<Value>) -> Self {
    Self(phrase: " from \(range.lowerBound) to less than \(range.upperBound)") {
      range.contains($0)
    }
  }
}

extension ConfigurationConstraint where Value == [Int] {
  /// At least one item, each at least 1.
  static var positive: Self {
    Self(phrase: " of at least 1") { !$0.isEmpty && $0.allSatisfy { $0 >= 1 } }
  }

  /// At least one item, each at least 1 and larger than the one before.
  static var increasing: Self {
    Self(phrase: " of at least 1 and larger than the one before") { list in
      positive.holds(list) && zip(list, list.dropFirst()).allSatisfy { $0 < $1 }
    }
  }
}

extension ConfigurationConstraint {
  /// At least one item, none twice.
  static func distinct<Item: Hashable>() -> Self where Value == [Item] {
    Self(phrase: ", at least one and none twice") { list in
      !list.isEmpty && Set(list).count == list.count
    }
  }
}
