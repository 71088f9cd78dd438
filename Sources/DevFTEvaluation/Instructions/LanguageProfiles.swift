import DevFTFormats
import DevFTTensor
import Foundation

/// Frequencies of one to three characters in many languages, and a guess by them.
///
/// Naive Bayes over n-grams drawn at random, seven times over, as the library `langdetect` does it; the draws
/// are seeded here, so that equal texts get equal languages.
/// - SeeAlso: Shuyo, 2010, <https://github.com/shuyo/language-detection>; langdetect 1.0.9.
struct LanguageProfiles: Sendable {
  private let languages: [String]
  /// Probability of an n-gram in each language.
  private let probabilities: [String: [Double]]

  private static let trialCount = 7
  private static let drawLimit = 1000
  private static let certainty = 0.99999
  private static let smoothing = 0.5 / 10_000

  /// Reads profiles.
  ///
  /// - Parameter directory: One JSON object a file: `name`, `freq` by n-gram, and `n_words`, sums by length.
  /// - Throws: `FormatError` that names file and key.
  init(directory: String) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
      .filter { !$0.hasPrefix(".") }.sorted()
    var (languages, probabilities): ([String], [String: [Double]]) = ([], [:])
    for (index, name) in names.enumerated() {
      let path = "\(directory)/\(name)"
      let json = try JSONValue.object(try TextLines.bytes(of: path), path: path)
      guard let language = json["name"]?.text, let sums = json["n_words"]?.elements,
        let members = json["freq"]?.members, sums.count == 3
      else {
        throw FormatError(.malformed, path: path, "expected the keys name, freq and n_words")
      }
      languages.append(language)
      let totals = sums.map { Double($0.integer ?? 1) }
      for member in members {
        let length = member.key.unicodeScalars.count
        guard (1...3).contains(length), let count = member.value.integer else { continue }
        probabilities[member.key, default: Array(repeating: 0, count: names.count)][index] =
          Double(count) / totals[length - 1]
      }
    }
    (self.languages, self.probabilities) = (languages, probabilities)
  }

  /// Guesses the language of a text.
  ///
  /// - Parameter text: Any text.
  /// - Returns: A code such as `en`; `nil` when the text has nothing to go by, `unknown` when nothing stands out.
  func language(of text: String) -> String? {
    let grams = LanguageGrams.grams(of: text).filter { probabilities[$0] != nil }
    guard !grams.isEmpty else { return nil }
    var stream = RandomStream(seed: 0, purpose: "language")
    var sums = [Double](repeating: 0, count: languages.count)
    for _ in 0..<Self.trialCount {
      for (index, share) in trial(grams, &stream).enumerated() {
        sums[index] += share / Double(Self.trialCount)
      }
    }
    guard let best = sums.indices.max(by: { (sums[$0], $1) < (sums[$1], $0) }), sums[best] > 0.1
    else { return "unknown" }
    return languages[best]
  }

  private func trial(_ grams: [String], _ stream: inout RandomStream) -> [Double] {
    var shares = [Double](repeating: 1 / Double(languages.count), count: languages.count)
    for draw in 0...Self.drawLimit {
      let gram = grams[stream.nextIndex(below: grams.count)]
      guard let known = probabilities[gram] else { continue }
      for index in shares.indices { shares[index] *= Self.smoothing + known[index] }
      guard draw % 5 == 0 else { continue }
      let sum = shares.reduce(0, +)
      shares = shares.map { $0 / sum }
      if (shares.max() ?? 0) > Self.certainty { break }
    }
    let sum = shares.reduce(0, +)
    return shares.map { $0 / sum }
  }
}
