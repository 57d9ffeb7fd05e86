namespace Dlt;

/// <summary>Data types of dlt (dlt documentation, Schema, data types).</summary>
public enum DataType : byte
{
    /// <summary>Unicode text.</summary>
    Text,
    /// <summary>64-bit floating-point number (IEEE 754).</summary>
    Double,
    /// <summary>Boolean value.</summary>
    Bool,
    /// <summary>Date and time of day, with or without an offset from UTC.</summary>
    Timestamp,
    /// <summary>Signed integer; 64 bits in files unless the column says otherwise.</summary>
    Bigint,
    /// <summary>Bytes of any length.</summary>
    Binary,
    /// <summary>Any JSON value, stored as text.</summary>
    Json,
    /// <summary>Decimal number with up to 38 digits.</summary>
    Decimal,
    /// <summary>Decimal number with up to 78 digits, for 256-bit integers.</summary>
    Wei,
    /// <summary>Calendar date.</summary>
    Date,
    /// <summary>Time of day without a time zone.</summary>
    Time,
}

/// <summary>Converts data types to their names in stored schemas, and back.</summary>
public static class DataTypes
{
    private static readonly string[] Names =
        ["text", "double", "bool", "timestamp", "bigint", "binary", "json", "decimal", "wei", "date", "time"];

    /// <summary>Returns the name in stored schemas, such as <c>bigint</c>.</summary>
    public static string Name(this DataType type) => Names[(int)type];

    /// <summary>Parses a name of stored schemas; <c>complex</c> is the old name of <c>json</c>.</summary>
    public static bool TryParse(string? name, out DataType type)
    {
        var at = name == "complex" ? (int)DataType.Json : Array.IndexOf(Names, name);
        type = (DataType)Math.Max(at, 0);
        return at >= 0;
    }
}
