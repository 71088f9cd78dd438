import DevFTTensor

extension RandomStream {
  /// One item of a list; all are equally likely.
  ///
  /// - Parameter items: At least one.
  /// - Returns: The item.
  mutating func nextChoice<Item>(from items: [Item]) -> Item {
    items[nextIndex(below: items.count)]
  }

  /// Different items of a list, in random order.
  ///
  /// - Parameters:
  ///   - count: How many, at most as many as there are.
  ///   - items: The list.
  /// - Returns: The items.
  mutating func nextChoices<Item>(_ count: Int, from items: [Item]) -> [Item] {
    permutation(of: items.count).prefix(count).map { items[$0] }
  }

  /// One item of a list of favourites: the first are drawn more often than the last.
  ///
  /// - Parameter items: At least one, the favourite first.
  /// - Returns: The item.
  mutating func nextFavourite<Item>(of items: [Item]) -> Item {
    let draw = nextUniform()
    return items[Int(draw * draw * Double(items.count))]
  }
}
