/// A language by its script and its commonest words, for when no profiles are there.
enum LanguageGuess {
  /// Scripts that one language of the benchmark has to itself, or else its most likely one.
  private static let scripts: [(range: ClosedRange<UInt32>, language: String)] = [
    (0x370...0x3ff, "el"), (0x590...0x5ff, "he"), (0x980...0x9ff, "bn"), (0xa00...0xa7f, "pa"),
    (0xa80...0xaff, "gu"), (0xb80...0xbff, "ta"), (0xc00...0xc7f, "te"), (0xc80...0xcff, "kn"),
    (0xd00...0xd7f, "ml"), (0xe00...0xe7f, "th"), (0x3040...0x30ff, "ja"),
    (0x4e00...0x9fff, "zh-cn"), (0xac00...0xd7af, "ko"), (0x900...0x97f, "devanagari"),
    (0x600...0x6ff, "arabic"), (0x400...0x4ff, "cyrillic"),
  ]

  private static let words: [(language: String, words: Set<String>)] = [
    (
      "en",
      "the and of to is in that it for you with are this be on not have as at from your an was were "
        + "there or by he she they we but all can will has had his her their so if when what who"
    ),
    ("de", "der die das und ist nicht ein eine zu den mit sich auf für von im auch dem sie wir"),
    ("fr", "le la les et est des un une du que dans pour pas sur qui nous vous avec ce au"),
    ("es", "el la los las y es que en de un una por con para no se del su al lo como"),
    ("pt", "o a os as e que de um uma não para com em do da se por mais dos ao"),
    ("it", "il la che di e un una per non è con del della sono in le gli si da come"),
    ("nl", "de het een en van is dat niet in op te zijn voor met die aan ook je er"),
    ("sv", "och att det som en på är av för med den inte till ett har jag om de"),
    ("fi", "ja on ei se että hän oli olla kun myös mutta ovat joka tai niin kuin"),
    ("vi", "và là của có không cho một những được trong người này để với các đã bạn"),
    ("sw", "na ya wa kwa ni katika la za kuwa cha hii yako kama sana watu lakini"),
    ("hi", "है के में की और से का को हैं यह नहीं पर एक भी था"),
    ("mr", "आहे आणि च्या मध्ये या ते हे होते आहेत नाही एक साठी तो"),
    ("ne", "छ र को मा हो छन् यो पनि गर्न भएको लागि हुन् तपाईं"),
    ("ar", "في من على أن إلى هذا التي مع عن لا كان هو ما هذه"),
    ("fa", "و در به از که این است را با برای آن می یک های شما"),
    ("ur", "کے میں کی ہے اور سے کا کو یہ پر ہیں نے نہیں ایک"),
    ("ru", "и в не на что я с он как это по но из у за для вы"),
    ("bg", "и на да се от за е в с не по като това са които ще"),
    ("uk", "і в не на що з до як це та у за від але є для ви"),
  ].map { ($0.0, Set($0.1.split(separator: " ").map(String.init))) }

  /// Guesses the language of a text.
  ///
  /// - Parameter text: Any text.
  /// - Returns: A code such as `en`; `nil` of a text without letters.
  static func language(of text: String) -> String? {
    var counts: [String: Int] = [:]
    var letters = 0
    for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
      letters += 1
      let script = scripts.first { $0.range.contains(scalar.value) }
      if let script { counts[script.language, default: 0] += 1 }
    }
    guard letters > 0 else { return nil }
    if let main = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
      main.value * 3 > letters, !["devanagari", "arabic", "cyrillic"].contains(main.key)
    {
      return main.key
    }
    let spoken = text.lowercased().unicodeScalars.split {
      !($0.properties.isAlphabetic || $0.value == 0x94d)
    }
    .map { String(Substring($0)) }
    let known = words.map { entry in (entry.language, spoken.count { entry.words.contains($0) }) }
    return known.max { $0.1 < $1.1 }.flatMap { $0.1 > 0 ? $0.0 : nil } ?? "unknown"
  }
}
