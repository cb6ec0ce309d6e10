using System.Reflection;
using Microsoft.AspNetCore.Mvc;

namespace DoSnapshot.Api;

/// <summary>Refuses what a question does not know: a misspelt <c>from</c> would silently mean from the beginning.</summary>
internal static class KnownParameters
{
    /// <summary>A filter for one endpoint, by the parameters of its handler.</summary>
    public static EndpointFilterDelegate Filter(EndpointFilterFactoryContext factory, EndpointFilterDelegate next)
    {
        string[] known = [.. factory.MethodInfo.GetParameters().Where(IsOfQuery).Select(p => p.GetCustomAttribute<FromQueryAttribute>()?.Name ?? p.Name!)];
        return context => context.HttpContext.Request.Query.Keys.FirstOrDefault(k => !known.Contains(k, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? throw new InputException(unknown, null, known.Length == 0 ? "it is not known here, where nothing is" : $"it is not known here; there is {string.Join(", ", known)}")
            : next(context);
    }

    /// <summary>Text and numbers come from the query, unless the path has them.</summary>
    private static bool IsOfQuery(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return (type == typeof(string) || type == typeof(string[]) || type == typeof(int) || type == typeof(bool))
            && parameter.GetCustomAttribute<FromRouteAttribute>() is null
            && (parameter.Name is not "subject" || parameter.GetCustomAttribute<FromQueryAttribute>() is not null);
    }
}
