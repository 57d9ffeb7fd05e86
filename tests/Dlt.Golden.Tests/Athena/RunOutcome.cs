using Dlt.Golden.Harness;
using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Lake;
using Xunit;

namespace Dlt.Golden.Athena;

/// <summary>
/// Compares the outcome of a run: it ends well as in dlt, or fails for the same cause. The error of a fault names that fault.
/// </summary>
internal static class RunOutcome
{
    public static void Check(JsonValue run, JsonValue expected, Exception? error)
    {
        if (error is NotDrivenException) throw error;
        // A fault may be overcome here and not there, or the other way round; what is left at the end decides (README).
        if (run["faults"] is { } faults)
        {
            if (error is not null)
                Assert.True(faults.Items.Any(f => IsOf(f, error)), $"The error is not that of the fault: {error}");
            return;
        }

        if (expected["outcome"]!.AsString() == "ok")
        {
            Assert.True(error is null, $"No error was expected: {error}");
            return;
        }

        ErrorOutcome.Check(JsonValue.Object(("errors", expected["exception"]!)), error);
    }

    /// <summary>
    /// True for the error of the fault, or for the one that follows from it: the thing that was said to exist does not, or nobody knows
    /// whether the commit with the internal error was made.
    /// </summary>
    private static bool IsOf(JsonValue fault, Exception error) =>
        TextOf(error).Contains(fault["message"]!.AsString(), StringComparison.Ordinal)
        || (IsNotFound(error)
            && fault["message"]!.AsString().Contains("already exists", StringComparison.OrdinalIgnoreCase))
        || (error is IcebergException { Error: IcebergError.CommitStateUnknown }
            && fault["message"]!.AsString().Contains("INTERNAL", StringComparison.OrdinalIgnoreCase));

    /// <summary>Tables are made side by side, so the error can be that of Glue or of an Iceberg table.</summary>
    private static bool IsNotFound(Exception error) =>
        error is GlueException { IsNotFound: true } || (error.InnerException is { } inner && IsNotFound(inner));

    private static string TextOf(Exception error) =>
        error.InnerException is { } inner ? error.Message + "\n" + TextOf(inner) : error.Message;
}
