namespace Dlt.Sql;

/// <summary>Reads types from their names.</summary>
public static class AthenaTypeParser
{
    /// <summary>Most types within types: deeper ones would use up the stack, here or in the engine.</summary>
    public const int MaxDepth = 64;

    /// <summary>
    /// Reads a type as Glue stores it and Athena's DDL names it: <c>array&lt;struct&lt;sku:string,price:decimal(10,2)&gt;&gt;</c>, in any
    /// case and with blanks anywhere between its parts. <c>decimal</c> is <c>decimal(10,0)</c>, <c>timestamp</c> has milliseconds.
    /// </summary>
    /// <param name="text">The name. Names of struct fields keep their case; they may stand in backquotes.</param>
    /// <exception cref="AthenaTypeFormatException">It is not a type of Hive, or is nested deeper than <see cref="MaxDepth"/>.</exception>
    public static AthenaType ParseHive(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new HiveTypeReader(text).Read();
    }

    /// <summary>
    /// Reads a type as queries name it: <c>array(row(sku varchar, price decimal(10,2)))</c>, in any case. <c>decimal</c> is
    /// <c>decimal(38,0)</c>; <c>time</c> and <c>timestamp</c> without a number have 3 fraction digits.
    /// </summary>
    /// <param name="text">The name. Field names without quotes are folded to lower case.</param>
    /// <exception cref="AthenaTypeFormatException">It is not a type of Trino, or is nested deeper than <see cref="MaxDepth"/>.</exception>
    public static AthenaType ParseTrino(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new TrinoTypeReader(text).Read();
    }
}
