-- For wrk: asks for PREFIX .. key .. SUFFIX with a random line of the file KEYS, and prints its figures as JSON.
local keys = {}
for line in io.lines(os.getenv("BENCH_KEYS")) do keys[#keys + 1] = line end
local prefix, suffix = os.getenv("BENCH_PREFIX"), os.getenv("BENCH_SUFFIX")
math.randomseed(os.time())

function request()
  return wrk.format("GET", prefix .. keys[math.random(#keys)] .. suffix)
end

function done(summary, latency, _)
  local faults = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    faults.connect + faults.read + faults.write + faults.timeout + faults.status))
end
