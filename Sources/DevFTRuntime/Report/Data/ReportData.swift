/// Everything that a report shows.
///
/// A plain value, so that a report can be made again from `report.json` without the run.
public struct ReportData: Codable, Equatable, Sendable {
  /// One line of the run's summary.
  public struct Setting: Codable, Equatable, Sendable {
    /// What is set, such as `clients`.
    public var name: String
    /// Its value, such as `20, 2 a round`.
    public var value: String

    /// Creates a line.
    ///
    /// - Parameters:
    ///   - name: What is set.
    ///   - value: Its value.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Title of the page.
  public var title: String
  /// Line below the title, such as model and date; may be empty.
  public var subtitle = ""
  /// The run's settings in short.
  public var settings: [Setting] = []
  /// What each method ended with; a row a method, the base model first.
  public var results: [ReportResult] = []
  /// What each method did from round to round.
  public var series: [ReportSeries] = []
  /// The stages of the staged method.
  public var stages: [ReportStage] = []
  /// How alike the layers are, `[L][L]`, in `-1 ... 1`; empty when it was not computed.
  public var similarity: [[Double]] = []
  /// Questions and the answers before and after.
  public var answers: [ReportAnswer] = []

  /// Creates a report without contents.
  ///
  /// - Parameter title: Title of the page.
  public init(title: String) { self.title = title }
}
