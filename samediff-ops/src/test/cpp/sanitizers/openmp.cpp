// SPDX-License-Identifier: Apache-2.0
// The part of GCC's OpenMP runtime that the kernels use, with threads that begin and end with each parallel region.
// The thread sanitizer sees nothing of the real runtime, and would take its barriers for races.
#include "openmp.h"

#include <thread>
#include <vector>

namespace {

int wanted = 1;
thread_local int team = 1;
thread_local int number = 0;

void run(void (*body)(void*), void* data, int count, int thread) {
    int outer_team = team;
    int outer_number = number;
    team = count;
    number = thread;
    body(data);
    team = outer_team;
    number = outer_number;
}

}  // namespace

void replay::set_threads(int count) {
    wanted = count;
}

extern "C" {

int omp_get_num_threads() {
    return team;
}

int omp_get_thread_num() {
    return number;
}

void GOMP_parallel(void (*body)(void*), void* data, unsigned, unsigned) {
    int count = team > 1 ? 1 : wanted;  // a region within a region has one thread
    std::vector<std::thread> threads;
    for (int thread = 1; thread < count; thread++) {
        threads.emplace_back(run, body, data, count, thread);
    }
    run(body, data, count, 0);
    for (std::thread& thread : threads) {
        thread.join();
    }
}
}
