// SPDX-License-Identifier: Apache-2.0
// All that Java sees of the native library (NativeLibrary.java).
#pragma once

// Instruction sets from 0 (runs on every processor of the platform) upwards.
int pooling_best_instruction_set();

// Name of an instruction set, or null behind the last one.
const char* pooling_instruction_set_name(int instruction_set);

// Handle of a kernel compiled for an instruction set, or 0 when there is none of that name.
long long pooling_find_kernel(const char* name, int instruction_set);

// Number of 64-bit words of the kernel's parameter block, and of arrays it takes.
int pooling_parameter_words(long long kernel);
int pooling_array_count(long long kernel);

// data_type: 0 float, 1 double, 2 half, 3 bfloat16, 4 signed byte, 5 unsigned byte. Returns a KernelStatus.
int pooling_launch(long long kernel, int data_type, const long long* parameters, const long long* addresses);

// Kernels for GPUs. Handle of the one of that name, or 0 when there is none.
long long pooling_find_gpu_kernel(const char* name);

// Stem of the file of cuda/ that holds it, number of 64-bit words of its parameter block, of arrays, and of passes.
const char* pooling_gpu_kernel_stem(long long kernel);
int pooling_gpu_parameter_words(long long kernel);
int pooling_gpu_array_count(long long kernel);
int pooling_gpu_pass_count(long long kernel);

// Writes a GpuPlan, word by word; its first word is -1 where the kernel is not made for the type. Of the addresses
// only those that are 0 matter.
void pooling_plan_gpu_kernel(long long kernel, int data_type, bool deterministic, const long long* parameters,
                             const long long* addresses, long long* plan);
