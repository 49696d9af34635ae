"""Puts the reading process itself on a leash: so much memory on top of what it has now, no core dumps, no words on the console."""

import contextlib
import os
import signal
import sys

MEMORY = 1_500 << 20
"""Bytes the reading process may hold."""


def silence() -> None:
    """Panics of native libraries write to the console; a clerk must not see them. Ctrl+C is the parent's business."""
    with contextlib.suppress(OSError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        for descriptor in (1, 2):
            os.dup2(nothing, descriptor)
        os.close(nothing)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def limit_memory(size: int = MEMORY) -> None:
    """From now on allocations beyond ``size`` bytes fail in this process."""
    if sys.platform == "win32":
        _windows_job(size)
    else:
        _posix_limit(size)


if sys.platform != "win32":

    def _posix_limit(size: int) -> None:
        import resource

        import psutil

        # the limit counts reserved addresses: thread pools and allocators reserve gigabytes before the first row is read, and more
        # than they use later; the parent watches what is really held, this stops sudden leaps
        reserved = psutil.Process().memory_info().vms
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (reserved + 2 * size, resource.RLIM_INFINITY))
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

else:

    def _windows_job(size: int) -> None:
        import ctypes
        from ctypes import wintypes

        class Basic(ctypes.Structure):
            _fields_ = [
                ("PerProcessUserTimeLimit", ctypes.c_int64),
                ("PerJobUserTimeLimit", ctypes.c_int64),
                ("LimitFlags", wintypes.DWORD),
                ("MinimumWorkingSetSize", ctypes.c_size_t),
                ("MaximumWorkingSetSize", ctypes.c_size_t),
                ("ActiveProcessLimit", wintypes.DWORD),
                ("Affinity", ctypes.c_size_t),
                ("PriorityClass", wintypes.DWORD),
                ("SchedulingClass", wintypes.DWORD),
            ]

        class Extended(ctypes.Structure):
            _fields_ = [
                ("BasicLimitInformation", Basic),
                ("IoInfo", ctypes.c_uint64 * 6),
                ("ProcessMemoryLimit", ctypes.c_size_t),
                ("JobMemoryLimit", ctypes.c_size_t),
                ("PeakProcessMemoryUsed", ctypes.c_size_t),
                ("PeakJobMemoryUsed", ctypes.c_size_t),
            ]

        process_memory, extended_information = 0x100, 9
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.CreateJobObjectW.argtypes = [ctypes.c_void_p, wintypes.LPCWSTR]
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.SetInformationJobObject.argtypes = [wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD]
        kernel.AssignProcessToJobObject.argtypes = [wintypes.HANDLE, wintypes.HANDLE]
        job = kernel.CreateJobObjectW(None, None)  # stays open as long as the process lives
        limits = Extended()
        limits.BasicLimitInformation.LimitFlags = process_memory
        limits.ProcessMemoryLimit = size
        if job and kernel.SetInformationJobObject(job, extended_information, ctypes.byref(limits), ctypes.sizeof(limits)):
            kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
