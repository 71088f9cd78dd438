import DevFTTensor

/// Runs a function with a number of threads and puts the former number back.
func withThreads<Result>(_ count: Int, _ body: () -> Result) -> Result {
  let former = Threads.count
  defer { Threads.count = former }
  Threads.count = count
  return body()
}
