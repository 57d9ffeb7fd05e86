using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Dlt.Items;

/// <summary>
/// Detects types of which a trimmer removed properties that only reflection uses. Their objects would become rows without values.
/// </summary>
internal static class TrimmedTypes
{
    /// <summary>Warning for methods that read objects by reflection, shown when a program is published with trimming.</summary>
    public const string Warning = "The properties of items are read by reflection, and a trimmer may remove them. " + Advice;

    private const string Advice =
        "Publish the program without trimming (PublishTrimmed and PublishAot false), or yield dictionaries or JsonValue.";

    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConcurrentDictionary<Type, bool> Whole = new();

    /// <summary>Checks a type and the types of its properties. Each type is checked once.</summary>
    /// <exception cref="DltException">A property was removed: its backing field holds the value, but it cannot be read.</exception>
    public static void Check(Type type)
    {
        if (!Whole.TryAdd(type, true)) return;
        try
        {
            foreach (var inner in type.GetGenericArguments()) Check(inner);
            if (type.GetElementType() is { } element) Check(element);
            for (var level = type; level is not null && !IsOfLibrary(level); level = level.BaseType) CheckMembers(level);
        }
        catch
        {
            Whole.TryRemove(type, out _);
            throw;
        }
    }

    private static bool IsOfLibrary(Type type) =>
        type.IsPrimitive || type.IsEnum || type.IsInterface || Item.HasOwnForm(type)
        || type.Namespace is "System" || type.Namespace?.StartsWith("System.", StringComparison.Ordinal) == true;

    private static void CheckMembers(Type type)
    {
        var properties = type.GetProperties(Own);
        var backed = type.GetFields(Own).Select(f => PropertyOf(f.Name)).OfType<string>();
        if (backed.FirstOrDefault(n => !properties.Any(p => p.Name == n)) is { } removed)
        {
            throw new DltException(
                $"Objects of type '{type}' cannot be read completely: their property '{removed}' was removed when the program was trimmed. "
                + $"Nothing was loaded. {Advice}");
        }

        if (properties.Length == 0 && !RuntimeFeature.IsDynamicCodeSupported)
            throw new DltException($"Objects of type '{type}' have no properties in this trimmed program. Nothing was loaded. {Advice}");
        foreach (var property in properties) Check(property.PropertyType);
    }

    /// <summary>Returns the property that a compiler-generated field belongs to; null for other fields.</summary>
    private static string? PropertyOf(string field)
    {
        foreach (var suffix in (string[])[">k__BackingField", ">i__Field"])
        {
            if (field.StartsWith('<') && field.EndsWith(suffix, StringComparison.Ordinal)) return field[1..^suffix.Length];
        }

        return null;
    }
}
