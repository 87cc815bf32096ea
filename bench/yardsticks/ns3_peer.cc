/*
 * Two workloads as ns-3 models (Debian's libns3-dev): the hold model and an M/M/1. Events are member functions with
 * their arguments, as ns-3's documentation schedules them, and times are its 64-bit integers; random numbers are those
 * of its own ExponentialRandomVariable and UniformRandomVariable. The scheduler is the priority queue, which is
 * faster than its default, a map.
 *
 * What is counted are the model's events. Only the simulation is timed, in processor time. The run of `hold` comes
 * after a warm-up of as many events.
 */
#include <ns3/double.h>
#include <ns3/nstime.h>
#include <ns3/object-factory.h>
#include <ns3/priority-queue-scheduler.h>
#include <ns3/random-variable-stream.h>
#include <ns3/simulator.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>

using namespace ns3;

static double SecondsNow() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

static Ptr<ExponentialRandomVariable> Exponential(double mean) {
  auto variable = CreateObject<ExponentialRandomVariable>();
  variable->SetAttribute("Mean", DoubleValue(mean));
  return variable;
}

static void PrintRun(const char* name, uint64_t events, double seconds, double check) {
  std::printf("{\"name\": \"%s\", \"events\": %" PRIu64 ", \"seconds\": %.6f, \"check\": \"%.6g\"}\n", name, events, seconds, check);
}

class Hold {
 public:
  explicit Hold(uint32_t pending) : m_pending(pending), m_delay(Exponential(1)), m_process(CreateObject<UniformRandomVariable>()) {
    for (uint32_t i = 0; i < pending; i++) Schedule(i);
  }

  void Run(uint64_t events) {
    m_left = events;
    Simulator::Run();
    const double start = SecondsNow();
    m_left = events;
    Simulator::Run();
    PrintRun("ns-3 hold", events, SecondsNow() - start, m_visited);
  }

 private:
  void Schedule(uint32_t process) {
    Simulator::Schedule(Seconds(m_delay->GetValue()), &Hold::Handle, this, process);
  }

  void Handle(uint32_t process) {
    m_visited += process;
    Schedule(m_process->GetInteger(0, m_pending - 1));
    if (--m_left == 0) Simulator::Stop();
  }

  uint32_t m_pending;
  Ptr<ExponentialRandomVariable> m_delay;
  Ptr<UniformRandomVariable> m_process;
  uint64_t m_left = 0;
  double m_visited = 0;
};

/* One queue at a load of 0.9. The check is the mean time in the system, near 10 mean services. */
class Queue {
 public:
  explicit Queue(uint64_t customers) : m_left(customers), m_gap(Exponential(1 / 0.9)), m_service(Exponential(1)) {
    Simulator::Schedule(Seconds(m_gap->GetValue()), &Queue::Arrive, this);
  }

  void Run() {
    const double start = SecondsNow();
    Simulator::Run();
    PrintRun("ns-3 mm1", m_events, SecondsNow() - start, m_sojourn / m_served);
  }

 private:
  void Arrive() {
    m_events++;
    m_line.push_back(Simulator::Now());
    if (--m_left > 0) Simulator::Schedule(Seconds(m_gap->GetValue()), &Queue::Arrive, this);
    if (m_line.size() == 1) Serve();
  }

  void Serve() {
    Simulator::Schedule(Seconds(m_service->GetValue()), &Queue::Depart, this);
  }

  void Depart() {
    m_events++;
    m_served++;
    m_sojourn += (Simulator::Now() - m_line.front()).GetSeconds();
    m_line.pop_front();
    if (!m_line.empty()) Serve();
  }

  uint64_t m_left;
  Ptr<ExponentialRandomVariable> m_gap, m_service;
  std::deque<Time> m_line;
  uint64_t m_events = 0;
  double m_served = 0, m_sojourn = 0;
};

int main(int count, char** words) {
  const bool isHold = count == 5 && std::strcmp(words[1], "hold") == 0;
  const bool isQueue = count == 4 && std::strcmp(words[1], "mm1") == 0;
  if (!isHold && !isQueue) {
    std::fprintf(stderr, "usage: ns3_peer hold PENDING EVENTS RUNS\n       ns3_peer mm1 CUSTOMERS RUNS\n");
    return 2;
  }
  for (int runs = std::atoi(words[count - 1]); runs > 0; runs--) {
    ObjectFactory factory;
    factory.SetTypeId(PriorityQueueScheduler::GetTypeId());
    Simulator::SetScheduler(factory);
    if (isHold) {
      Hold(std::strtoul(words[2], nullptr, 10)).Run(std::strtoull(words[3], nullptr, 10));
    } else {
      Queue(std::strtoull(words[2], nullptr, 10)).Run();
    }
    Simulator::Destroy();
  }
}
