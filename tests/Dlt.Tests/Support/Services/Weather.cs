using System.Collections.Concurrent;

namespace Dlt.Tests.Support.Services;

/// <summary>What happens to a call.</summary>
internal enum Spoilt
{
    /// <summary>Nothing.</summary>
    No,

    /// <summary>The service asks for fewer calls.</summary>
    Throttled,

    /// <summary>The service answers 500 and has done nothing.</summary>
    Failed,

    /// <summary>The connection is reset before the service acts.</summary>
    ResetBefore,

    /// <summary>The service acts, and the connection is reset before its answer.</summary>
    ResetAfter,

    /// <summary>The service acts, and its answer breaks off in the middle of the body.</summary>
    CutOff,

    /// <summary>The session of the caller has expired.</summary>
    ExpiredToken,

    /// <summary>The clock of the caller is wrong.</summary>
    TooSkewed,
}

/// <summary>Spoils calls at random: a tenth is throttled, and of the others a few fail in each other way.</summary>
/// <param name="seed">Seed of the random numbers.</param>
internal sealed class Weather(int seed)
{
    private readonly Random _random = new(seed);
    private readonly ConcurrentDictionary<(string, Spoilt), int> _seen = new();

    /// <summary>How often each kind of failure met each operation.</summary>
    public IReadOnlyDictionary<(string Operation, Spoilt Kind), int> Seen => _seen;

    /// <summary>Decides about the next call.</summary>
    public Spoilt Next(string operation)
    {
        int number;
        lock (_random) number = _random.Next(100);
        var spoilt = number switch
        {
            < 10 => Spoilt.Throttled,
            < 12 => Spoilt.Failed,
            < 14 => Spoilt.ResetBefore,
            < 16 => Spoilt.ResetAfter,
            < 18 => Spoilt.CutOff,
            _ => Spoilt.No,
        };
        if (spoilt != Spoilt.No) _seen.AddOrUpdate((operation, spoilt), 1, (_, count) => count + 1);
        return spoilt;
    }
}
