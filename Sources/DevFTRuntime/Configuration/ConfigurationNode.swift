/// Where a piece of configuration was written.
enum ConfigurationPlace: Hashable {
  /// A line, from 1, of a file.
  case file(name: String, line: Int)
  /// The text after `--set`.
  case override(String)
  /// Not written by anybody: a default.
  case nowhere
}

/// A piece of YAML and where it stands.
struct ConfigurationNode {
  /// One key and its value.
  struct Entry {
    var key: String
    var place: ConfigurationPlace
    var value: ConfigurationNode
  }

  /// What the piece is.
  enum Content {
    case scalar(text: String, isQuoted: Bool)
    case list([ConfigurationNode])
    case mapping([Entry])
  }

  var content: Content
  var place = ConfigurationPlace.nowhere

  /// The entries of a mapping; `nil` for anything else.
  var entries: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// Whether this is the explicit absence `null` or `~`; an empty value is not.
  var isNull: Bool {
    guard case .scalar(let text, isQuoted: false) = content else { return false }
    return ["null", "Null", "NULL", "~"].contains(text)
  }

  /// What stands here, in words for an error line.
  var sighting: String {
    switch content {
    case .scalar("", isQuoted: false): "nothing"
    case .scalar(let text, isQuoted: true): "the text \"\(text)\""
    case .scalar(let text, isQuoted: false): "\"\(text)\""
    case .list: "a list"
    case .mapping: "a section of keys"
    }
  }

  /// Where a key was written, or its deepest section that was written.
  func place(of path: [String]) -> ConfigurationPlace {
    guard let first = path.first, let entry = entries?.first(where: { $0.key == first }) else {
      return place
    }
    return path.count == 1 ? entry.value.place : entry.value.place(of: Array(path.dropFirst()))
  }

  /// Lays another tree over this one: sections are joined, everything else is replaced.
  mutating func overlay(_ other: ConfigurationNode) {
    guard case .mapping(var mine) = content, let theirs = other.entries else {
      self = other
      return
    }
    for entry in theirs {
      if let index = mine.firstIndex(where: { $0.key == entry.key }) {
        mine[index].value.overlay(entry.value)
        mine[index].place = entry.place
      } else {
        mine.append(entry)
      }
    }
    content = .mapping(mine)
  }
}
