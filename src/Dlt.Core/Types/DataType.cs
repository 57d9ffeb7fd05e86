using Dlt.Types;

namespace Dlt;

/// <summary>The data types of dlt (dlt documentation, Schema, data types).</summary>
public enum DataType : byte
{
    /// <summary>Unicode text.</summary>
    Text,
    /// <summary>IEEE 754 double.</summary>
    Double,
    /// <summary>Boolean.</summary>
    Bool,
    /// <summary>Date and time of day, with or without offset.</summary>
    Timestamp,
    /// <summary>Signed integer; 64 bits in files.</summary>
    Bigint,
    /// <summary>Bytes.</summary>
    Binary,
    /// <summary>Any JSON value, stored as text.</summary>
    Json,
    /// <summary>Decimal number of up to 38 digits.</summary>
    Decimal,
    /// <summary>256-bit integer-like decimal.</summary>
    Wei,
    /// <summary>Calendar date.</summary>
    Date,
    /// <summary>Time of day without zone.</summary>
    Time,
}

/// <summary>Names of data types as schemas store them.</summary>
public static class DataTypes
{
    private static readonly string[] Names =
        ["text", "double", "bool", "timestamp", "bigint", "binary", "json", "decimal", "wei", "date", "time"];

    /// <summary>The stored name, such as <c>bigint</c>.</summary>
    public static string Name(this DataType type) => Names[(int)type];

    /// <summary>The type of a stored name; <c>complex</c> is the old name of json.</summary>
    public static bool TryParse(string? name, out DataType type)
    {
        var at = name == "complex" ? (int)DataType.Json : Array.IndexOf(Names, name);
        type = (DataType)Math.Max(at, 0);
        return at >= 0;
    }
}
