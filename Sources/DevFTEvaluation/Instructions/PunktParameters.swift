import DevFTFormats
import Foundation

/// What the Punkt sentence splitter knows of a language.
///
/// - SeeAlso: Kiss and Strunk, 2006, <https://doi.org/10.1162/coli.2006.32.4.485>.
struct PunktParameters: Sendable {
  /// How a word was seen in the corpus, as bits.
  struct Orthography: OptionSet, Sendable {
    let rawValue: Int
    /// Small inside or at the start of sentences, or unknown where.
    static let small = Orthography(rawValue: 16 | 32 | 64)
    /// Small at the start of a sentence.
    static let smallAtStart = Orthography(rawValue: 16)
    /// Capital at any place.
    static let capital = Orthography(rawValue: 2 | 4 | 8)
    /// Capital inside a sentence.
    static let capitalInside = Orthography(rawValue: 4)
  }

  /// Words that a period shortens, small, without the last period.
  var abbreviations: Set<String>
  /// Pairs that a period does not part.
  var collocations: Set<[String]> = []
  /// Words that often begin a sentence.
  var starters: Set<String>
  /// How words were seen; a word that is not known was never seen.
  var orthography: [String: Orthography] = [:]

  /// A short list of the program's own, for when no trained one is there.
  static let standard = PunktParameters(
    abbreviations: Set(
      """
      mr mrs ms dr prof st sr jr vs etc inc ltd co corp jan feb mar apr jun jul aug sep sept oct nov dec \
      mon tue wed thu fri sat sun e.g i.e a.m p.m u.s u.k ph.d no fig vol gen col lt sgt capt rev hon \
      approx dept est ave blvd rd
      """.split(separator: " ").map(String.init)
    ),
    starters: Set(
      """
      the a an this that these those he she it we they i you but and so if when while in on at for as \
      there here however although because since after before
      """.split(separator: " ").map(String.init)
    )
  )

  init(abbreviations: Set<String>, starters: Set<String>) {
    self.abbreviations = abbreviations
    self.starters = starters
    // What begins sentences is small elsewhere.
    orthography = Dictionary(uniqueKeysWithValues: starters.map { ($0, .small) })
  }

  /// Reads trained parameters.
  ///
  /// - Parameter directory: Holds `abbrev_types.txt`, `collocations.tab`, `sent_starters.txt` and
  ///   `ortho_context.tab`, as NLTK's `punkt_tab/english` does.
  /// - Throws: `FormatError` that names a file that is missing, or its line.
  init(directory: String) throws {
    func lines(_ name: String) throws -> [[String]] {
      let text = String(decoding: try TextLines.bytes(of: "\(directory)/\(name)"), as: UTF8.self)
      return text.components(separatedBy: "\n").filter { !$0.isEmpty }
        .map { $0.components(separatedBy: "\t") }
    }
    abbreviations = Set(try lines("abbrev_types.txt").map { $0[0] })
    starters = Set(try lines("sent_starters.txt").map { $0[0] })
    collocations = Set(try lines("collocations.tab"))
    for (index, fields) in try lines("ortho_context.tab").enumerated() {
      guard fields.count == 2, let bits = Int(fields[1]) else {
        throw FormatError(
          .malformed,
          path: "\(directory)/ortho_context.tab:\(index + 1)",
          "expected a word, a tab and a number"
        )
      }
      orthography[fields[0]] = Orthography(rawValue: bits)
    }
  }
}
