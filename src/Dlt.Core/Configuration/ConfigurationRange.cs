using System.Globalization;
using Dlt.Json;

namespace Dlt.Configuration;

/// <summary>The numbers that a field may have; both ends belong to it.</summary>
/// <param name="Min">The least one.</param>
/// <param name="Max">The greatest one.</param>
internal sealed record ConfigurationRange(long Min, long Max = long.MaxValue)
{
    /// <summary>1 or more, as a number of threads or rows is.</summary>
    public static ConfigurationRange Count { get; } = new(1, int.MaxValue);

    /// <summary>0 or more.</summary>
    public static ConfigurationRange NotNegative { get; } = new(0);

    /// <summary>True: <see cref="Min"/> itself is too small.</summary>
    public bool IsAboveMin { get; init; }

    /// <summary>True for a number within the range, and for every value that is not a number.</summary>
    public bool Holds(JsonValue value) => value.Kind switch
    {
        JsonKind.Integer => Above(value.AsInt64()) && value.AsInt64() <= Max,
        JsonKind.Real => Above(value.AsDouble()) && value.AsDouble() <= Max,
        _ => true,
    };

    /// <summary>As messages write it.</summary>
    public override string ToString() => this switch
    {
        { IsAboveMin: true } => string.Create(CultureInfo.InvariantCulture, $"more than {Min}, {Max} at most"),
        { Max: long.MaxValue } => string.Create(CultureInfo.InvariantCulture, $"{Min} or more"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Min} to {Max}"),
    };

    private bool Above(double number) => IsAboveMin ? number > Min : number >= Min;
}
