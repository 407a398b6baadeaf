"""The limit that the system sets to the memory of this process, and a watch for systems that have none.

Linux refuses more memory (RLIMIT_DATA), Windows too (a job object, which not every Windows carries through); macOS
knows no such limit. So there the process looks at itself. Each leaves the process able to say so, or ends it.
"""

from __future__ import annotations

import contextlib
import sys

_MB = 1 << 20
_JOB_LIMITS = 9  # JobObjectExtendedLimitInformation
_JOB_MEMORY = 0x0100  # JOB_OBJECT_LIMIT_PROCESS_MEMORY


def limit_memory(megabytes: int) -> None:
    """Let the system refuse this process more memory; where it cannot, `used_megabytes` has to be watched."""
    if sys.platform == "win32":
        _limit_by_job(megabytes * _MB)
    elif sys.platform.startswith("linux"):
        import resource  # Unix only

        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (megabytes * _MB, resource.RLIM_INFINITY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def used_megabytes() -> int:
    """The most memory that this process has had at once, where the system may not limit it; else 0.

    On Linux the figure would be wrong as well: a process begins with that of the one that started it.
    """
    if sys.platform == "win32":
        return _most_committed() // _MB
    if sys.platform != "darwin":
        return 0
    import resource  # Unix only

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _MB


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _BasicLimits(ctypes.Structure):
        _fields_ = (
            ("PerProcessUserTimeLimit", wintypes.LARGE_INTEGER),
            ("PerJobUserTimeLimit", wintypes.LARGE_INTEGER),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        )

    class _ExtendedLimits(ctypes.Structure):
        _fields_ = (
            ("BasicLimitInformation", _BasicLimits),
            ("IoInfo", ctypes.c_ulonglong * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        )

    def _limit_by_job(limit: int) -> None:
        """Put this process into a job of its own; jobs may lie in each other since Windows 8."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = wintypes.HANDLE
        job = wintypes.HANDLE(kernel.CreateJobObjectW(None, None))
        limits = _ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = _JOB_MEMORY
        limits.ProcessMemoryLimit = limit
        kernel.SetInformationJobObject(job, _JOB_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
        kernel.AssignProcessToJobObject(job, wintypes.HANDLE(kernel.GetCurrentProcess()))

    class _Counters(ctypes.Structure):
        _fields_ = (
            ("cb", wintypes.DWORD),
            ("PageFaultCount", wintypes.DWORD),
            ("PeakWorkingSetSize", ctypes.c_size_t),
            ("WorkingSetSize", ctypes.c_size_t),
            ("QuotaPeakPagedPoolUsage", ctypes.c_size_t),
            ("QuotaPagedPoolUsage", ctypes.c_size_t),
            ("QuotaPeakNonPagedPoolUsage", ctypes.c_size_t),
            ("QuotaNonPagedPoolUsage", ctypes.c_size_t),
            ("PagefileUsage", ctypes.c_size_t),
            ("PeakPagefileUsage", ctypes.c_size_t),
        )

    def _most_committed() -> int:
        """The bytes that this process has had at most, in memory or in the page file; 0 if the system does not say."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        counters = _Counters(cb=ctypes.sizeof(_Counters))
        own = wintypes.HANDLE(kernel.GetCurrentProcess())
        known = kernel.K32GetProcessMemoryInfo(own, ctypes.byref(counters), counters.cb)
        return max(counters.PeakWorkingSetSize, counters.PeakPagefileUsage) if known else 0
