/// The list of all configuration keys, made from the same tables that read them.
public enum ConfigurationReference {
  /// One key.
  struct Entry: Equatable {
    var name: String
    var meaning: String
    var expectation: String
    var standard: String
    var isRequired: Bool
    var children: [Entry]
  }

  /// The reference as a Markdown page: one table a section.
  public static var markdown: String {
    let opening = """
      # Configuration

      Every key, what may stand there and its default. Unknown keys are errors. `--set a.b=c`
      overrides a key, its value read as YAML. Relative paths in a file count from that file's
      folder, relative paths in `--set` from the working directory.

      """
    return opening + tables(of: RunConfiguration.reference, title: "Top level", path: [])
  }

  private static func tables(of entries: [Entry], title: String, path: [String]) -> String {
    var text = "\n## \(title)\n\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n"
    for entry in entries {
      let standard = entry.isRequired ? "required" : "`\(entry.standard)`"
      let shown = entry.children.isEmpty || entry.standard == "null" ? standard : "see below"
      text += "| `\(entry.name)` | \(entry.expectation) | \(shown) | \(entry.meaning) |\n"
    }
    for entry in entries where !entry.children.isEmpty {
      let full = path + [entry.name]
      let heading = "`\(full.joined(separator: "."))`"
      text += tables(of: entry.children, title: heading, path: full)
    }
    return text
  }

  /// What to write in place of an unknown key.
  ///
  /// - Parameters:
  ///   - word: The unknown key.
  ///   - names: The keys of the section where it stands.
  ///   - path: Full key of that section.
  /// - Returns: A clause that names the nearest key here, else one elsewhere, else all keys here.
  static func suggestion(for word: String, among names: [String], _ path: [String]) -> String {
    func question(_ key: [String]) -> String { "did you mean \(key.joined(separator: "."))?" }
    if let name = NearestName.find(word, among: names) { return question(path + [name]) }
    let everywhere = leaves(of: RunConfiguration.reference, path: [])
    let last = everywhere.compactMap(\.last)
    if let name = NearestName.find(word, among: last), let index = last.firstIndex(of: name) {
      return question(everywhere[index])
    }
    return "known here: \(names.joined(separator: ", "))"
  }

  private static func leaves(of entries: [Entry], path: [String]) -> [[String]] {
    entries.flatMap { entry -> [[String]] in
      let full = path + [entry.name]
      return [full] + leaves(of: entry.children, path: full)
    }
  }
}
