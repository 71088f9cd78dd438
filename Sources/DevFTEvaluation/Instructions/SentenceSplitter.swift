import Foundation

/// Finds sentences as NLTK's Punkt does.
///
/// - SeeAlso: Kiss and Strunk, 2006, <https://doi.org/10.1162/coli.2006.32.4.485>; NLTK 3.10.
struct SentenceSplitter: Sendable {
  let parameters: PunktParameters

  // Characters that no word holds; the period aside.
  private static let nonWord = #"[)";}\]*:@'({\[\u2018\u2019\u201c\u201d\u00ab\u00bb?!]"#
  private static let repeated = #"(?:-{2,}|\.{2,}|(?:\.#s){2,}\.)"#
  private static let context = TextPattern(own: "[.?!](?=(\(nonWord)|#s+([^\\s]+)))")
  private static let word = TextPattern(
    own: "(?:\(repeated)|(?=[^(\"`{\\[:;&#*@)}\\]\\-,])\\S+?"
      + "(?=#s|$|\(nonWord)|\(repeated)|,(?=$|#s|\(nonWord)|\(repeated)))|\\S)"
  )
  private static let realignment = TextPattern(
    own: #"^["')\]}\u2018\u2019\u201c\u201d\u00ab\u00bb]+?(?:#s+|(?=--)|(?=\n)|\z)"#
  )

  /// Sentences of a text.
  ///
  /// - Parameter text: Any text.
  /// - Returns: The sentences; none of a text without characters.
  func sentences(in text: String) -> [String] {
    let text = text as NSString
    var slices = slices(of: text)
    var (sentences, offset): ([String], Int) = ([], 0)
    slices.append(NSRange(location: NSNotFound, length: 0))
    for (index, slice) in slices.dropLast().enumerated() {
      let start = slice.location + offset
      let end = max(start, slice.location + slice.length)
      offset = 0
      let next = slices[index + 1]
      if next.location != NSNotFound {
        let rest = text.substring(with: next)
        if let match = Self.realignment.matches(in: rest as NSString).first {
          let head = (rest as NSString).substring(with: match.range).trimmingEnd
          let length = next.location + (head as NSString).length - start
          sentences.append(text.substring(with: NSRange(location: start, length: length)))
          offset = match.range.length
          continue
        }
      }
      if end > start {
        sentences.append(text.substring(with: NSRange(location: start, length: end - start)))
      }
    }
    return sentences
  }

  /// Parts between the places where a sentence ends.
  private func slices(of text: NSString) -> [NSRange] {
    var (slices, start): ([NSRange], Int) = ([], 0)
    for (match, context) in endContexts(in: text) where hasBreak(context) {
      let end = match.range.location + match.range.length
      slices.append(NSRange(location: start, length: end - start))
      let next = match.range(at: 2)
      start = next.location == NSNotFound ? end : next.location
    }
    let end = ((text as String).trimmingEnd as NSString).length
    slices.append(NSRange(location: min(start, end), length: max(0, end - start)))
    return slices
  }

  /// Candidates with the word before and what follows.
  private func endContexts(in text: NSString) -> [(NSTextCheckingResult, String)] {
    var found: [(NSTextCheckingResult, String)] = []
    var previous: (match: NSTextCheckingResult, word: NSRange)?
    var lastWord = NSRange(location: 0, length: 0)
    func context(_ match: NSTextCheckingResult, _ word: NSRange) -> String {
      text.substring(with: word) + text.substring(with: match.range)
        + text.substring(with: match.range(at: 1))
    }
    for match in Self.context.matches(in: text) {
      let stop = lastWord.location + lastWord.length
      let before = text.substring(
        with: NSRange(location: stop, length: match.range.location - stop)
      )
      let space = Self.lastSpace(in: before as NSString)
      let start = space > 0 ? stop + space + 1 : lastWord.location
      let word = NSRange(location: start, length: match.range.location - start)
      if let previous, stop <= start {
        found.append((previous.match, context(previous.match, previous.word)))
      }
      previous = (match, word)
      lastWord = word
    }
    if let previous { found.append((previous.match, context(previous.match, previous.word))) }
    return found
  }

  /// Offset of the last ASCII white space, 0 without any.
  private static func lastSpace(in text: NSString) -> Int {
    for index in stride(from: text.length - 1, through: 0, by: -1)
    where text.character(at: index) == 32 || (9...13).contains(text.character(at: index)) {
      return index
    }
    return 0
  }

  /// Whether a sentence ends before the last token.
  private func hasBreak(_ context: String) -> Bool {
    var tokens: [PunktToken] = []
    for line in context.components(separatedBy: "\n") where !line.trimmed.isEmpty {
      tokens += Self.word.matches(in: line).map { PunktToken($0, parameters: parameters) }
    }
    for index in tokens.indices.dropLast() {
      refine(&tokens[index], before: tokens[index + 1])
      if tokens[index].endsSentence { return true }
    }
    return false
  }

  /// Looks at the next token, where the first look was at the token alone.
  private func refine(_ token: inout PunktToken, before next: PunktToken) {
    guard token.endsWithPeriod else { return }
    let type = token.typeWithoutPeriod
    if parameters.collocations.contains([type, next.typeInside]) {
      (token.endsSentence, token.isAbbreviation) = (false, true)
      return
    }
    let isStart = beginsSentence(next)
    if token.isAbbreviation || token.isEllipsis, !token.isInitial {
      let isStarter = next.beginsCapital && parameters.starters.contains(next.typeInside)
      if isStart == true || isStarter {
        token.endsSentence = true
        return
      }
    }
    guard token.isInitial || type == PunktToken.numberType else { return }
    let knowsSmall = !seen(next).isDisjoint(with: .small)
    let isName = isStart == nil && token.isInitial && next.beginsCapital && !knowsSmall
    if isStart == false || isName { (token.endsSentence, token.isAbbreviation) = (false, true) }
  }

  private func seen(_ token: PunktToken) -> PunktParameters.Orthography {
    parameters.orthography[token.typeInside] ?? []
  }

  /// What spelling tells about a token at the start of a sentence; `nil` where it tells nothing.
  private func beginsSentence(_ token: PunktToken) -> Bool? {
    if [";", ":", ",", ".", "!", "?"].contains(token.text) { return false }
    let seen = seen(token)
    if token.beginsCapital, !seen.isDisjoint(with: .small), !seen.contains(.capitalInside) {
      return true
    }
    if token.beginsSmall, !seen.isDisjoint(with: .capital) || !seen.contains(.smallAtStart) {
      return false
    }
    return nil
  }
}
