using System.Globalization;

namespace Dlt.Configuration;

/// <summary>Allowed numbers of a field, both limits included.</summary>
/// <param name="Min">Smallest allowed number.</param>
/// <param name="Max">Largest allowed number.</param>
internal sealed record ConfigurationRange(long Min, long Max = long.MaxValue)
{
    /// <summary>Range of counts, such as threads or rows: 1 or more.</summary>
    public static ConfigurationRange Count { get; } = new(1, int.MaxValue);

    /// <summary>Range of numbers that are 0 or more.</summary>
    public static ConfigurationRange NotNegative { get; } = new(0);

    /// <summary>True when <see cref="Min"/> itself is not allowed.</summary>
    public bool IsAboveMin { get; init; }

    /// <summary>Returns true for a number within the range, and for every value that is not a number.</summary>
    public bool Holds(JsonValue value) => value.Kind switch
    {
        JsonKind.Integer => Above(value.AsInt64()) && value.AsInt64() <= Max,
        JsonKind.Real => Above(value.AsDouble()) && value.AsDouble() <= Max,
        _ => true,
    };

    /// <summary>Returns the range as messages show it.</summary>
    public override string ToString() => this switch
    {
        { IsAboveMin: true } => string.Create(CultureInfo.InvariantCulture, $"more than {Min}, {Max} at most"),
        { Max: long.MaxValue } => string.Create(CultureInfo.InvariantCulture, $"{Min} or more"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Min} to {Max}"),
    };

    private bool Above(double number) => IsAboveMin ? number > Min : number >= Min;
}
