using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Dlt.Items;

/// <summary>
/// Refuses types whose values would be lost, because they are not in properties: tuples, whose names exist for the compiler only, types
/// with public fields, and tasks, whose result was not awaited.
/// </summary>
internal static class NamelessValues
{
    /// <summary>Checks a type when the serializer meets it for the first time, at any depth of an item.</summary>
    /// <exception cref="NamelessValuesException">The values of the type would be lost.</exception>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "TrimmedTypes refuses types that trimming has cut.")]
    public static void Refuse(JsonTypeInfo described)
    {
        if (described.Kind != JsonTypeInfoKind.Object) return;
        var type = described.Type;
        if (type.IsAssignableTo(typeof(Task)) || type == typeof(ValueTask) || IsValueTask(type))
            throw new NamelessValuesException($"A '{type}' came in place of its result. Await it, and yield the result.");
        if (described.Properties.Count > 0) return;
        if (type.IsAssignableTo(typeof(ITuple)))
        {
            throw new NamelessValuesException($"The values of a tuple, '{type}', have no names when the program runs, so they have no "
                + "columns. Yield an anonymous object, such as new { id, name }, or a record.");
        }

        if (type.GetFields(BindingFlags.Instance | BindingFlags.Public) is [var field, ..])
        {
            throw new NamelessValuesException($"The type '{type}' has public fields, such as '{field.Name}', and no properties, which "
                + "become columns. Make its fields properties.");
        }
    }

    private static bool IsValueTask(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>);
}

/// <summary>The values of a type would be lost. The code that yields it gets the name of its resource in the error.</summary>
internal sealed class NamelessValuesException(string message) : InvalidOperationException(message);
